import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

const cluster = "http://localhost:3000";

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ["source", ...defaultClientConditions] }, // packages of this workspace are not built
  // Nothing is inlined, so that the page works under a content security policy without `data:` and inline scripts.
  build: { outDir: "dist", sourcemap: false, assetsInlineLimit: 0, target: "es2022" },
  server: { proxy: { "/api": cluster, "/health": cluster, "/socket.io": { target: cluster, ws: true } } },
});
