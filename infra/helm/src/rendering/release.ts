import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type ApiServer, startApiServer } from "./api-server.ts";
import { chart, parseObjects } from "./chart.ts";
import { helmBinary } from "./helm.ts";
import type { KubernetesObject } from "./objects.ts";

const NAME = "calls";
const NAMESPACE = "switchyard";
const execute = promisify(execFile);

/** A release of the chart in a cluster that keeps nothing but its Secrets. */
export class Release {
  readonly #server: ApiServer;

  private constructor(server: ApiServer) {
    this.#server = server;
  }

  static async open(): Promise<Release> {
    return new Release(await startApiServer());
  }

  /**
   * The objects that `helm upgrade --install` would send to the cluster as it is, rendered by `helm template`.
   * @param values as for `--set`
   * @throws with what helm says, if it refuses
   */
  async upgrade(...values: readonly string[]): Promise<KubernetesObject[]> {
    const at = ["--dry-run=server", "--disable-openapi-validation", "--kube-apiserver", this.#server.url];
    const set = values.flatMap((value) => ["--set", value]);
    const args = ["template", NAME, chart, ...at, "--namespace", NAMESPACE, ...set];
    const { stdout } = await execute(helmBinary.path ?? "", args, { env: { HOME: "/nonexistent", PATH: "" } });
    const objects = parseObjects(stdout);
    this.#server.install(NAME, objects);
    return objects;
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
