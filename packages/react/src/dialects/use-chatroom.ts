import { type Connection, connect } from "@switchyard/client";
import { type ChatOptions, type ClientToServerEvents, chat, type ServerToClientEvents } from "@switchyard/client/chat";
import { useMemo } from "react";
import { Live, type LiveState, noConnection } from "../session/live.ts";
import { command, type Opening, type ServerOptions, useSession } from "../session/use-session.ts";

export type ChatConnection = Connection<ClientToServerEvents, ServerToClientEvents, ChatOptions>;
export type ChatMessage = Parameters<ServerToClientEvents["new_message"]>[0];

interface ChatroomOwn {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[];
  /** Whether there are older ones. */
  readonly hasMore: boolean;
  /** Names of those online, some of them where there are many. */
  readonly users: readonly string[];
  /** How many are online. */
  readonly total: number;
}

const PAGE = 50;
const noChatroom: ChatroomOwn = { messages: [], hasMore: true, users: [], total: 0 };

export class ChatroomSession extends Live<ChatroomOwn, ChatConnection> {
  constructor({ url, ...options }: Opening<ChatOptions & ServerOptions>) {
    super(connect(url, { ...options, dialect: chat }), noChatroom);
    const { connection } = this;
    connection.on("message_history", (messages) => this.set({ messages, hasMore: messages.length > 0 }));
    connection.on("new_message", (message) => this.set({ messages: [...this.get().messages, message] }));
    connection.on("message_removed", ({ id }) =>
      this.set({ messages: this.get().messages.filter((message) => message.id !== id) }),
    );
    connection.on("online_users", (users, { total }) => this.set({ users, total }));
  }

  async sendMessage(text: string): Promise<void> {
    await this.connection.send("send_message", { text });
  }

  async loadOlder(limit = PAGE): Promise<void> {
    const before = this.get().messages[0]?.id;
    const { messages, hasMore } = await this.connection.send("load_messages", { before, limit });
    if (this.get().messages[0]?.id !== before) return; // another call was faster, or it is another history
    this.set({ messages: [...messages, ...this.get().messages], hasMore });
  }
}

export type ChatroomState = LiveState<ChatroomOwn, ChatConnection>;
export type ChatroomCommands = Pick<ChatroomSession, "sendMessage" | "loadOlder">;

const initial: ChatroomState = { ...noConnection, ...noChatroom };

/**
 * The chatroom: its messages, and the users online. Of a token from a function the user is not known beforehand: with another user give
 * another `key`.
 */
export function useChatroom(options: ChatOptions & ServerOptions): ChatroomState & ChatroomCommands {
  const [state, hold] = useSession("chatroom", options, (opening) => new ChatroomSession(opening), initial);
  const commands = useMemo<ChatroomCommands>(
    () => ({
      sendMessage: (text) => command(hold, (session) => session.sendMessage(text)),
      loadOlder: (limit) => command(hold, (session) => session.loadOlder(limit)),
    }),
    [hold],
  );
  return { ...state, ...commands };
}
