#!lua flags=allow-oom
-- Notes the session by which a user is in a call with this one, or that the user no longer is, and appends the event.
-- Only an expected leg is replaced: so one of several sessions that answer gets the call. An overtaken epoch of the
-- sender is refused.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room (that both are in)  2 sender (session)  3 epoch (the sender's)  4 user
--       5 leg (session of that user; '' the call is over)
--       6 expected (leg that must be noted until now; '' any, '*' the sender's, or all that it rings)
--       7 packet ('' none)  8 keep (events, bytes)  9 trace ('-' none)
--       10 lease (end of that of the sender's node, ms; '' none)
-- Returns 1
-- Errors: -1 unknown · -2 fenced · -3 absent: the session is not in that room, or another leg is noted
--   · -10 leaseOver
local session, outbox = unpack(KEYS)
local room, sender, epoch, user, leg, expected, packet, keep, trace, lease = unpack(ARGV)
if isOver(lease) then return -10 end
local fence = FENCE .. sender
local state, seat, newest, noted =
  unpack(redis.call('HMGET', session, 'state', SEAT .. room, fence, CALL_LEG .. user))
if not state or state == 'ending' then return -1 end
local fits = expected == '' or noted == expected or (expected == '*' and noted == sender)
if not seat or not fits then return -3 end
if not passesFence(session, fence, epoch, newest) then return -2 end
if leg == '' then
  redis.call('HDEL', session, CALL_LEG .. user)
else
  redis.call('HSET', session, CALL_LEG .. user, leg)
end
local control = '"line":' .. cjson.encode(user) .. ',"by":' .. cjson.encode(leg) .. ','
if packet == '' then
  publishControl(outbox, trace, control)
else
  append(session, outbox, packet, keep, trace, control)
end
return 1
