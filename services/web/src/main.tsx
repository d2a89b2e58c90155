import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { learnAppName } from "./shared/app-name.ts";
import { Shell } from "./shell/Shell.tsx";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/screens.css";
import "./styles/lists.css";
import "./styles/shell.css";

void learnAppName();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Shell />
    </StrictMode>,
  );
}
