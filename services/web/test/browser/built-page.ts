import { fileURLToPath } from "node:url";

const bootstrap = fileURLToPath(new URL("../../../../infra/bootstrap/page.mjs", import.meta.url));

/** Builds the page where it is missing or older than its sources, as `npm start` does: nodes serve what was built. */
export async function buildPage(): Promise<void> {
  const { ensurePage } = (await import(bootstrap)) as { ensurePage(): Promise<void> };
  await ensurePage();
}
