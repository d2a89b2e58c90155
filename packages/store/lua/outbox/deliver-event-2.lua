#!lua flags=allow-oom
-- Appends an event from a peer to a session's outbox, if the session is in that room. This is the message path. An
-- event that a stalled node still holds is refused here, at the receiver, where it could arrive after what was sent
-- since: one by an overtaken epoch of the sender; in a room that clients name, one whose sender's entry is not the last
-- change about that user that the session was notified of; and one in a call that the user has by another session.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 sender (session)  3 epoch (the sender's)  4 packet  5 keep (events, bytes)  6 trace ('-' none)
--       7 lease (end of that of the sender's node, ms; '' none)  8 user (the sender's there; '' in a pair)
--       9 entry (revision by which the sender came; '' not a room that clients name)
-- Returns the event's number
-- Errors: -1 unknown · -2 fenced · -3 absent: the session is not in that room, or not notified of the sender's entry yet
--   · -10 leaseOver
local session, outbox = unpack(KEYS)
local room, sender, epoch, packet, keep, trace, lease, user, entry = unpack(ARGV)
if isOver(lease) then return -10 end
local fence = FENCE .. sender
local state, seat, newest, number, bytes, noted
if user == '' then
  state, seat, newest, number, bytes =
    unpack(redis.call('HMGET', session, 'state', SEAT .. room, fence, 'number', 'bytes'))
else
  local about = entry == '' and CALL_LEG .. user or MEMBER_REVISION .. room .. '\n' .. user
  state, seat, newest, number, bytes, noted =
    unpack(redis.call('HMGET', session, 'state', SEAT .. room, fence, 'number', 'bytes', about))
end
if not state or state == 'ending' then return -1 end
if not seat then return -3 end
if entry == '' then
  if noted and noted ~= sender and noted ~= '*' then return -2 end
elseif noted ~= entry then
  -- an older version noted nothing of the members on the session's first list
  local known = noted or redis.call('HGET', session, ADMISSION_REVISION .. room) or 0
  if tonumber(known) < tonumber(entry) then return -3 end
  if noted then return -2 end
end
if not passesFence(session, fence, epoch, newest) then return -2 end
return (appendAfter(number, bytes, session, outbox, packet, keep, trace))
