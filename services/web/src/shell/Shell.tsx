import type { ComponentType } from "react";
import { CallsPage } from "../dialects/calls/CallsPage.tsx";
import { ChatPage } from "../dialects/chat/ChatPage.tsx";
import { MatchPage } from "../dialects/match/MatchPage.tsx";
import { RandomPage } from "../dialects/random/RandomPage.tsx";
import { RoomsPage } from "../dialects/rooms/RoomsPage.tsx";
import { useAppName } from "../shared/app-name.ts";
import { hashOf, type Tab, tabs, useRoute } from "../shared/route.ts";

interface PageProps {
  /** The parameters of the link to this page. */
  parameters: URLSearchParams;
}

const pages: Readonly<Record<Tab, ComponentType<PageProps>>> = {
  random: RandomPage,
  match: MatchPage,
  calls: CallsPage,
  rooms: RoomsPage,
  chat: ChatPage,
};

/** The frame around a dialect's page. Only the open page is there, and with it its connection. */
export function Shell() {
  const { tab, parameters } = useRoute();
  const appName = useAppName();
  const Page = pages[tab];
  return (
    <div className="shell">
      <header className="shell-header">
        <Logo />
        <span className="shell-name" data-testid="app-name">
          {appName}
        </span>
        <Tabs current={tab} />
      </header>
      <main className="shell-main">
        <Page key={tab} parameters={parameters} />
      </main>
    </div>
  );
}

/** Two tracks that cross. */
function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect className="logo-ground" width="32" height="32" rx="9" />
      <path className="logo-track logo-track-faint" d="M6 11h6c4 0 4 10 8 10h6" />
      <path className="logo-track" d="M6 21h6c4 0 4-10 8-10h6" />
    </svg>
  );
}

const labels: Readonly<Record<Tab, string>> = {
  random: "Random",
  match: "Match",
  calls: "Calls",
  rooms: "Rooms",
  chat: "Chat",
};

function Tabs({ current }: { current: Tab }) {
  return (
    <nav className="tabs" aria-label="Ways to meet">
      {tabs.map((tab) => (
        <a key={tab} className="tab" href={hashOf(tab)} aria-current={tab === current ? "page" : undefined}>
          {labels[tab]}
        </a>
      ))}
    </nav>
  );
}
