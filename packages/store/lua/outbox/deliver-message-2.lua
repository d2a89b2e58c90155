#!lua flags=allow-oom
-- Appends a chat message to the outbox of a session in the message's room, unless the session got it with the room's
-- last messages. A session that is about to be seated there is marked instead: it needs a list, and last messages, that
-- are as new. It is not fenced: that was decided when the message was kept.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 packet  3 keep (events, bytes)  4 revision (of the room, by the message)  5 trace ('-' none)
--       6 lease (end of that of the sender's node, ms; '' none)  7 reference (kept in the packet's place; '' none)
-- Returns the event's number · 0 the session has the message, or will have it
-- Errors: -1 unknown · -3 absent: the session is not in that room · -10 leaseOver
local session, outbox = unpack(KEYS)
local room, packet, keep, revision, trace, lease, reference = unpack(ARGV)
if isOver(lease) then return -10 end
local state, seat, pending, admitted, newest = unpack(redis.call('HMGET', session,
  'state', SEAT .. room, PENDING_ENTRY .. room, ADMISSION_REVISION .. room, MESSAGE_REVISION .. room))
if not state or state == 'ending' then return -1 end
if not seat and not pending then return -3 end
local message = tonumber(revision)
if tonumber(newest or 0) < message then redis.call('HSET', session, MESSAGE_REVISION .. room, revision) end
if not seat or tonumber(admitted or 0) >= message then return 0 end
return append(session, outbox, packet, keep, trace, nil, reference)
