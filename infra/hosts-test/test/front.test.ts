import { expect, test } from "vitest";
import { forEachNode, nginxOfCompose } from "../src/front/nginx.ts";

test("nginx is run as docker-compose.yml does it by default", () => {
  const { image, user, environment, volumes } = nginxOfCompose();
  expect(image).toMatch(/^nginx:/);
  expect(user).toBe("101:101");
  expect(environment).toMatchObject({ NGINX_LISTEN: "plain", NGINX_NODE_TIMEOUT: expect.stringMatching(/^\d+s$/) });
  expect(volumes).toContain("./nginx/templates:/etc/nginx/templates:ro");
});

test("a line for all nodes becomes one for each", () => {
  const template = ["upstream a {", "  server $" + "{NGINX_NODES} resolve max_fails=0;", "}"].join("\n");
  expect(forEachNode(template, ["10.77.3.2:3000", "10.77.4.2:3000"]).split("\n")).toEqual([
    "upstream a {",
    "  server 10.77.3.2:3000 resolve max_fails=0;",
    "  server 10.77.4.2:3000 resolve max_fails=0;",
    "}",
  ]);
});
