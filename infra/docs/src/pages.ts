import { configurationPage } from "./configuration-page.ts";
import { keysPage } from "./keys-page.ts";
import { metricsPage } from "./metrics-page.ts";

/** Every generated page: its path from the repository's root, and what it says now. */
export const pages: readonly { readonly path: string; readonly render: () => string }[] = [
  { path: "docs/configuration.md", render: configurationPage },
  { path: "docs/keys.md", render: keysPage },
  { path: "docs/metrics.md", render: metricsPage },
];
