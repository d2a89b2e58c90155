#!lua flags=allow-oom
-- Takes a session out of a pair or the chatroom and, unless it leaves by itself, appends the event, in one step. A pair
-- is noted as its last one. A repetition appends nothing.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 packet ('' it leaves by itself)  3 keep (events, bytes)  4 trace ('-' none)
--       5 now (ms)
-- Returns 1 · 0 it is not in that room
-- Errors: -7 reserved: it has no seat there yet; its reservation is to be released
local session, outbox = unpack(KEYS)
local room, packet, keep, trace, now = unpack(ARGV)
local reserved, seat, departure =
  unpack(redis.call('HMGET', session, RESERVATION .. room, SEAT .. room, DEPARTURE .. room))
local isOwn = packet == ''
if reserved and not isOwn then return -7 end
if not reserved and not seat and not (isOwn and departure) then return 0 end
if seat then notePairEnd(session, now, room, seat) end
redis.call('HDEL', session, RESERVATION .. room, REQUEUED .. room, SEAT .. room, DEPARTURE .. room)
for _, field in ipairs(redis.call('HKEYS', session)) do
  if string.sub(field, 1, 2) == FENCE then redis.call('HDEL', session, field) end
end
local control = '"out":' .. cjson.encode(room) .. ','
if isOwn then
  publishControl(outbox, trace, control)
else
  append(session, outbox, packet, keep, trace, control)
end
return 1
