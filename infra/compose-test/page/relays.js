// Runs in the page, before its own scripts: its calls may use relays only, and what came of them can be asked.
{
  const Unbound = globalThis.RTCPeerConnection;
  const connections = [];

  globalThis.RTCPeerConnection = class extends Unbound {
    constructor(configuration) {
      super({ ...configuration, iceTransportPolicy: "relay" });
      connections.push(this);
    }
  };

  /** How many frames of the other's video have been shown. */
  const framesShown = () => {
    const video = document.querySelector('[data-testid="remote-video"]');
    return video?.videoWidth ? video.getVideoPlaybackQuality().totalVideoFrames : 0;
  };

  /** By which kinds of candidates the call goes. */
  const way = async () => {
    const reports = await Promise.all(connections.map((connection) => connection.getStats()));
    const stats = reports.flatMap((report) => [...report.values()]);
    const isUsed = ({ type, state, nominated }) => type === "candidate-pair" && state === "succeeded" && nominated;
    const pair = stats.find(isUsed);
    const kindOf = (id) => stats.find((entry) => entry.id === id)?.candidateType;
    return `${kindOf(pair?.localCandidateId)} to ${kindOf(pair?.remoteCandidateId)}`;
  };

  /** The TURN server that the page is told of. */
  const turnServer = async () => {
    const { iceServers } = await (await fetch("/api/ice-servers")).json();
    return iceServers.find(({ credential }) => credential !== undefined);
  };

  /** Asks a TURN server for relayed addresses: how many it gave, and the codes of its errors. */
  const gather = async (server) => {
    const connection = new Unbound({ iceServers: [server], iceTransportPolicy: "relay" });
    const errors = [];
    let candidates = 0;
    connection.addEventListener("icecandidateerror", ({ errorCode }) => errors.push(errorCode));
    const done = new Promise((resolve) => {
      connection.addEventListener("icecandidate", ({ candidate }) => {
        if (candidate === null) resolve();
        else if (candidate.candidate !== "") candidates += 1;
      });
    });
    connection.createDataChannel("any");
    await connection.setLocalDescription();
    await done;
    connection.close();
    return { candidates, errors };
  };

  globalThis.relays = { framesShown, way, turnServer, gather };
}
