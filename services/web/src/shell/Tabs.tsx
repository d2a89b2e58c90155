import { hashOf, type Tab, tabs } from "../shared/route.ts";

const labels: Readonly<Record<Tab, string>> = {
  random: "Random",
  match: "Match",
  calls: "Calls",
  rooms: "Rooms",
  chat: "Chat",
};

export function Tabs({ current }: { current: Tab }) {
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
