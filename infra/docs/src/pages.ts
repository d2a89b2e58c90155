import { dialects } from "@switchyard/dialects";
import { chartFiles } from "@switchyard/helm";
import { dashboards } from "@switchyard/observability";
import { asyncapiDocument } from "./asyncapi/document.ts";
import { dialectsByName, dialectTypes, errorCodeType } from "./client-types/dialect-types.ts";

import { configurationPage } from "./configuration-page.ts";
import { loadReportSchema } from "./json-schema.ts";
import { keysPage } from "./keys-page.ts";
import { metricsPage } from "./metrics-page.ts";
import { openapiDocument } from "./openapi/document.ts";
import { privacyPage } from "./privacy-page.ts";
import { aclTemplate, redisAccessPage } from "./redis-access-page.ts";
import { syPage } from "./sy-page.ts";

const clientTypes = "packages/client-types/src/generated";

/** Every generated file: its path from the repository's root, and its current text. */
export const pages: readonly { readonly path: string; readonly render: () => string }[] = [
  { path: "docs/configuration.md", render: configurationPage },
  { path: "docs/asyncapi.yaml", render: asyncapiDocument },
  { path: "docs/keys.md", render: keysPage },
  { path: "docs/load-report.schema.json", render: loadReportSchema },
  { path: "docs/metrics.md", render: metricsPage },
  { path: "docs/openapi.json", render: openapiDocument },
  { path: "docs/privacy.md", render: privacyPage },
  { path: "docs/redis-access.md", render: redisAccessPage },
  { path: "docs/sy.md", render: syPage },
  { path: "docs/users.acl", render: aclTemplate },
  ...dashboards.map(({ name, render }) => ({
    path: `infra/observability/grafana/dashboards/${name}.json`,
    render,
  })),
  ...chartFiles, // copies of pages and boards among them, so after these
  { path: `${clientTypes}/error-code.ts`, render: errorCodeType },
  { path: `${clientTypes}/dialects.ts`, render: dialectsByName },
  ...dialects.map((dialect) => ({
    path: `${clientTypes}/dialects/${dialect.name}.ts`,
    render: () => dialectTypes(dialect),
  })),
];
