import { type Connection, type ConnectOptions, connect, type Dialect } from "@switchyard/client";
import { Live, type LiveState, noConnection } from "../session/live.ts";
import { type Opening, type ServerOptions, useSession } from "../session/use-session.ts";

type None = Record<never, never>;

class Plain<Sent extends object, Received extends object, Options extends object> extends Live<
  None,
  Connection<Sent, Received, Options>
> {
  constructor(connection: Connection<Sent, Received, Options>) {
    super(connection, {});
  }
}

/** The state of a connection, and the connection once there is one. */
export type UsedConnection<Sent extends object, Received extends object, Options extends object> = LiveState<
  None,
  Connection<Sent, Received, Options>
> & {
  /** Tries again at once: after `lost`, say. */
  readonly reconnect: () => void;
};

/**
 * A connection in any dialect: `useConnection({ dialect: match, userId, matchId })`. For its events use an effect:
 * `useEffect(() => connection?.on("joined", …), [connection])`.
 */
export function useConnection<Sent extends object, Received extends object, Options extends object>(
  options: { dialect: Dialect<Sent, Received, Options> } & NoInfer<Options> & ConnectOptions & ServerOptions,
): UsedConnection<Sent, Received, Options> {
  const { dialect } = options;
  const open = ({ url, ...others }: Opening<typeof options>) =>
    new Plain(connect<Sent, Received, Options>(url, { ...others, dialect } as never));
  const initial: LiveState<None, Connection<Sent, Received, Options>> = noConnection;
  const [state, hold] = useSession(`connection ${dialect.name}`, options, open, initial);
  return { ...state, reconnect: () => hold.session?.connection.reconnect() };
}
