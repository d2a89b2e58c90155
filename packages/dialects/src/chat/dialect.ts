import {
  answerCall,
  callUser,
  enterChatroom,
  hangUp,
  loadMessages,
  reportChatter,
  sendCandidate,
  sendChatroomMessage,
} from "@switchyard/core";
import { type Command, command, type DialectUsing } from "../dialect.ts";
import { isLong, reportGroundsOf } from "../payload.ts";
import { acks, clientEvents, MAX_LOADED_MESSAGES, serverEvents } from "./events.ts";
import { features, messageOf, render } from "./render.ts";

const unlessMuted = { refusedIfMuted: true } as const;

const commands: Record<keyof typeof clientEvents, Command> = {
  send_message: command(
    "costly",
    clientEvents.send_message,
    async (context, participant, { text }) => ({ id: await sendChatroomMessage(context, participant, text) }),
    { ...unlessMuted, outlasts: true, makesNew: (_, { text }) => isLong(text) },
  ),
  call_user: command(
    "costly",
    clientEvents.call_user,
    (context, participant, { to, offer }) => callUser(context, participant, to, offer),
    unlessMuted,
  ),
  call_answer: command("costly", clientEvents.call_answer, (context, participant, { to, answer }) =>
    answerCall(context, participant, to, answer),
  ),
  ice_candidate: command("signal", clientEvents.ice_candidate, (context, participant, { to, candidate }) =>
    sendCandidate(context, participant, to, candidate),
  ),
  end_call: command("free", clientEvents.end_call, (context, participant, { to }) => hangUp(context, participant, to)),
  report_user: command(
    "costly",
    clientEvents.report_user,
    async (context, participant, content) => {
      participant.requireUser();
      return { reportId: await reportChatter(context, participant, content.username, reportGroundsOf(content)) };
    },
    { outlasts: true, makesNew: () => true },
  ),
  load_messages: command("costly", clientEvents.load_messages, async (context, participant, content) => {
    const limit = content?.limit ?? MAX_LOADED_MESSAGES;
    const { messages, hasMore } = await loadMessages(context, participant, content?.before ?? undefined, limit);
    return { messages: messages.map(messageOf), hasMore };
  }),
};

/** Accounts, one chatroom, calls by user name. */
export const chat: DialectUsing<typeof features> = {
  name: "chat",
  title: "Accounts, one chatroom, and 1:1 calls by username",
  handshake: `\
Opens with a token in the handshake, \`auth: { token }\`, as registering and logging in give it. Without one, or with one that is forged or
has expired, the client gets \`connect_error\` with the message \`Authentication error\` and
\`data: { code: 'unauthorized' | 'token_expired' }\`.`,
  clientEvents,
  serverEvents,
  acks,
  features,
  opening: [],
  queues: [],
  rooms: undefined,
  online: ({ peopleListed, historyLimit, messagesKept, chatHistoryBytes, retentionMs }) => ({
    listed: peopleListed,
    historyLimit,
    feed: { entriesKept: messagesKept, bytesKept: chatHistoryBytes, retentionMs },
  }),
  connected: enterChatroom,
  commands: new Map(Object.entries(commands)),
  render,
};
