import type { ComponentType } from "react";
import { CallsPage } from "../dialects/calls/CallsPage.tsx";
import { ChatPage } from "../dialects/chat/ChatPage.tsx";
import { MatchPage } from "../dialects/match/MatchPage.tsx";
import { RandomPage } from "../dialects/random/RandomPage.tsx";
import { RoomsPage } from "../dialects/rooms/RoomsPage.tsx";
import { useAppName } from "../shared/app-name.ts";
import { type Tab, useRoute } from "../shared/route.ts";
import { Logo } from "./Logo.tsx";
import { Tabs } from "./Tabs.tsx";

interface PageProps {
  /** What the link to this page brought along. */
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
