#!lua flags=allow-oom
-- Appends an event of the cluster itself to a session's outbox, on condition that the session still has its seat.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 packet  2 keep (events, bytes)  3 room (that it must be in; '' any)  4 trace ('-' none)
--       5 lease (end of that of the node for whose session it is sent, ms; '' none)
-- Returns the event's number
-- Errors: -1 unknown · -3 absent: the session is not in that room · -10 leaseOver
local session, outbox = unpack(KEYS)
local packet, keep, room, trace, lease = unpack(ARGV)
if isOver(lease) then return -10 end
local state, seat = unpack(redis.call('HMGET', session, 'state', SEAT .. room))
if not state or state == 'ending' then return -1 end
if room ~= '' and not seat then return -3 end
return append(session, outbox, packet, keep, trace)
