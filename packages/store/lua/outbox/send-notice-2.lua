#!lua flags=allow-oom
-- Appends an event of a back end to a session's outbox, once, on condition that the session still stands for the user, or
-- still has its seat. The session keeps the digests of the last ones, so that a step may be repeated.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 packet  2 keep (events, bytes)  3 room (that it must be in; '' any)  4 user (that it must stand for; '' any)
--       5 trace ('-' none)  6 deadline (ms: it does nothing when it arrives later)
--       7 notice (digest of the event's id, of a fixed length)  8 remembered (digests)
-- Returns { event's number · 0 the session has had it, 1 it is connected · 0 it is detached }
-- Errors: -1 unknown · -3 absent: it is not in that room, or is another user · -10 leaseOver: it is too late
local session, outbox = unpack(KEYS)
local packet, keep, room, user, trace, deadline, notice, remembered = unpack(ARGV)
if isOver(deadline) then return -10 end
local state, current, seat, had = unpack(redis.call('HMGET', session, 'state', 'user', SEAT .. room, 'notices'))
if not state or state == 'ending' then return -1 end
if room ~= '' and not seat or user ~= '' and current ~= user then return -3 end
local connected = state == 'live' and 1 or 0
local digest = notice .. ' '
if had and string.find(had, digest, 1, true) then return { 0, connected } end
redis.call('HSET', session, 'notices', string.sub((had or '') .. digest, -remembered * #digest))
return { append(session, outbox, packet, keep, trace), connected }
