import { RandomPage } from "../dialects/random/RandomPage.tsx";
import { Logo } from "./Logo.tsx";

/** The frame around a dialect's page. */
export function Shell() {
  return (
    <div className="shell">
      <header className="shell-header">
        <Logo />
        <span className="shell-name">Switchyard</span>
        <span className="shell-dialect">Random chat</span>
      </header>
      <main className="shell-main">
        <RandomPage />
      </main>
    </div>
  );
}
