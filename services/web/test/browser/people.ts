import type { TestCluster } from "@switchyard/testkit";
import type { Browser } from "playwright-core";
import type { Browsers } from "./browsers.ts";
import type { CameraKind } from "./chromium.ts";
import { Person, type Screen } from "./person.ts";

export interface Device {
  /** The node that the person comes to. Default: in turn, so that two people are on two nodes. */
  node?: number;
  screen?: Screen;
  camera?: CameraKind;
  /** Whether the window is in a browser process of its own. */
  alone?: boolean;
}

/** All who take part in a story, each with a window and a way to the cluster of their own. */
export class People {
  readonly #browsers: Browsers;
  readonly #cluster: TestCluster;
  readonly #present: Person[] = [];
  readonly #lonely: Browser[] = [];

  constructor(browsers: Browsers, cluster: TestCluster) {
    this.#browsers = browsers;
    this.#cluster = cluster;
  }

  /**
   * @param place as in `#/match?match=7f3a`
   * @param fact what the page knows when it is ready; null: it is ready at once
   */
  async arrive(place: string, fact?: string | null, device: Device = {}): Promise<Person> {
    const { node = this.#present.length % this.#cluster.nodes.length, screen, camera = "given", alone } = device;
    const browser = await (alone ? this.#browsers.another(camera) : this.#browsers.shared(camera));
    if (alone) this.#lonely.push(browser);
    const person = await Person.arrive(browser, await this.#cluster.proxy(node), screen);
    this.#present.push(person);
    await person.visits(place, fact);
    return person;
  }

  /** All leave the cluster; resolves when nothing of them is left there. Their windows stay. */
  async depart(): Promise<void> {
    await Promise.all(this.#present.map((person) => person.departs()));
    await this.#cluster.empty();
  }

  /**
   * Closes all windows.
   * @returns what went wrong in the scripts of their pages
   */
  async close(): Promise<string[]> {
    const present = this.#present.splice(0);
    await Promise.all(present.map((person) => person.leave()));
    await Promise.all(this.#lonely.splice(0).map((browser) => browser.close()));
    return present.flatMap((person) => person.errors);
  }

  /** What every window shows, and what the cluster has printed. */
  async report(): Promise<string> {
    const windows = await Promise.all(this.#present.map((person) => person.shows()));
    const services = [...this.#cluster.nodes, ...this.#cluster.matchmakers];
    return [
      ...windows.map((text, index) => `-- window ${index + 1}\n${text}`),
      ...services.flatMap(({ id, logs }) => [`-- ${id}`, ...logs().map((line) => JSON.stringify(line))]),
    ].join("\n");
  }
}
