import { nameOfRoom, roomNamed, type SessionId } from "@switchyard/protocol";
import { keys } from "@switchyard/store";
import { RoomPage } from "../page/room-page.ts";
import { roomNames } from "../script/room-script.ts";
import type { World } from "../world.ts";
import { brokenForSession, brokenIndexes, brokenUsers, lostSignals } from "./quiescence.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";

/** What must hold of rooms after every single step. Returns what does not. */
export async function overfull(world: World): Promise<string[]> {
  const sizes = await Promise.all(
    roomNames(world).map((name) => world.store.memberships.size(roomNamed(world.setting.dialect.name, name))),
  );
  const { capacity = 0 } = world.setting.rooms ?? {};
  return sizes.flatMap((size, i) => (size > capacity ? [`room ${i} has ${size}, and room for ${capacity}`] : []));
}

/** What must hold once everything that was begun is finished. Returns what does not. */
export async function brokenRoomsAtRest(world: World): Promise<string[]> {
  const seen = await takeSnapshot(world);
  const rooms = await Promise.all(roomNames(world).map((name) => stateOf(world, name)));
  return [
    // that it is to leave a room, or about to enter one, may stay noted as long as the room knows nothing of it
    ...seen.sessions.flatMap((session) => brokenForSession(world, { ...session, undone: session.unannounced })),
    ...rooms.flatMap((room) => brokenRoom(room, seen)),
    ...world.pages.flatMap((page) => (page instanceof RoomPage ? brokenForRoomPage(page, rooms, seen) : [])),
    ...(await brokenList(world, rooms)),
    ...(await brokenUsers(world, seen, ({ seats, fields }, user) => seats.length > 0 && fields["user"] === user)),
    ...brokenIndexes(seen),
    ...lostSignals(world),
  ];
}

interface RoomState {
  readonly name: string;
  readonly room: string;
  readonly members: readonly { readonly session: SessionId; readonly called: string }[];
  /** The list as its members are told it, as text; `undefined` where none is told. */
  readonly list: string | undefined;
  readonly gone: number;
  /** What was said, by id; and what of it must have been told, since it was acknowledged. */
  readonly messages: readonly string[];
  readonly acknowledged: readonly string[];
}

async function stateOf(world: World, name: string): Promise<RoomState> {
  const { dialect } = world.setting;
  const room = roomNamed(dialect.name, name);
  const members = (await world.store.memberships.roster(room))?.members ?? [];
  const event = dialect.render.roster?.({ type: "roster", room, members });
  const messages = (await world.redis.xrange(keys.roomChat(room), "-", "+")).map(([id]) => id);
  const acknowledged = world.pages.flatMap((page) => (page instanceof RoomPage ? page.acknowledged : []));
  return {
    messages,
    acknowledged: messages.filter((id) => acknowledged.includes(id)),
    name,
    room,
    list: event && JSON.stringify(event[1]),
    members: members.map(({ session, user }) => ({ session, called: user })),
    gone: (await world.store.memberships.inspect(room)).gone.length,
  };
}

function brokenRoom({ name, room, members, gone }: RoomState, { sessions }: Snapshot): string[] {
  const listed = members.map(({ session }) => session).toSorted();
  const inIt = sessions.flatMap(({ id, seats }) => (seats.includes(room) ? [id] : [])).toSorted();
  const broken = gone > 0 ? [`${name} has not told all who has left it`] : [];
  return listed.join() === inIt.join() ? broken : [...broken, `${name} lists [${listed}], but [${inIt}] say so`];
}

/** A page is where it believes it is, with those of whom it was told, and nowhere else. */
function brokenForRoomPage(page: RoomPage, rooms: readonly RoomState[], { sessions }: Snapshot): string[] {
  if (!page.connected) return [];
  const session = sessions.find(({ id }) => id === page.session?.id);
  if (!session) return [`${page.name} is connected, but its session is gone`];
  const seats = session.seats.map(nameOfRoom).join();
  if (page.displaced && seats === "") return [];
  if (seats !== (page.room ?? "")) return [`${page.name} believes to be in [${page.room}], but is in [${seats}]`];
  const room = rooms.find(({ name }) => name === page.room);
  if (!room) return [];
  const called = room.members.map((member) => member.called).toSorted();
  const broken: string[] = [];
  if (called.join() !== page.roster.toSorted().join())
    broken.push(`${page.name} was told of [${page.roster}], but [${called}] are there`);
  const missing = room.acknowledged.filter((id) => !page.messages.includes(id));
  const invented = page.messages.filter((id) => !room.messages.includes(id));
  if (missing.length + invented.length > 0)
    broken.push(`${page.name} was told [${page.messages}], but [${room.messages}] was said`);
  if (page.list !== room.list) broken.push(`${page.name} was told ${page.list}, but it is ${room.list}`);
  return broken;
}

async function brokenList(world: World, rooms: readonly RoomState[]): Promise<string[]> {
  const indexed = (await world.redis.smembers(keys.presenceRooms(world.dialect))).toSorted();
  const open = rooms.flatMap(({ room, members }) => (members.length > 0 ? [room] : [])).toSorted();
  return indexed.join() === open.join() ? [] : [`the index of rooms names [${indexed}], open are [${open}]`];
}
