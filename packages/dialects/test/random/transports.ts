/** How stock clients connect: browsers with the defaults poll first and then upgrade. */
export const transports = [
  { way: "over a WebSocket", transports: ["websocket"] },
  { way: "by polling, then upgraded", transports: ["polling", "websocket"] },
];
