#!lua flags=allow-oom
-- Turns a session's reservation into its seat in the room, and appends the event, in one step. The first of the two in
-- the queue is notified before it that it waits, in the same step, unless that was announced. A repetition appends
-- nothing.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 seat (JSON)  3 packet  4 keep (events, bytes)  5 trace ('-' none)
--       6 waiting (packet that says that it waits; '' it is not the first)
-- Returns { the event's number or 0 (it was seated before), 1 if it was notified that it waits else 0 }
-- Errors: -1 unknown · -3 absent: the session is not reserved for that room, or the reservation is being undone
local session, outbox = unpack(KEYS)
local room, seat, packet, keep, trace, waiting = unpack(ARGV)
local state, reserved, requeued, current, announced =
  unpack(redis.call('HMGET', session, 'state', RESERVATION .. room, REQUEUED .. room, SEAT .. room, 'waiting'))
if not state or state == 'ending' then return -1 end
if current then return { 0, 0 } end
if not reserved or requeued then return -3 end
redis.call('HDEL', session, RESERVATION .. room)
redis.call('HSET', session, SEAT .. room, seat)
local isAnnounced = waiting == '' or announced
if not isAnnounced then
  redis.call('HSET', session, 'waiting', '1')
  append(session, outbox, waiting, keep, trace)
end
local control = '"in":' .. cjson.encode(room) .. ',"seat":' .. seat .. ','
return { append(session, outbox, packet, keep, trace, control), isAnnounced and 0 or 1 }
