#!lua
-- Turns a session's reservation into its seat in the room, and appends the event, in one step. A repetition appends
-- nothing.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 seat (JSON)  3 packet  4 keep (events)  5 trace ('-' none)
-- Returns the event's number · 0 it was seated before
-- Errors: -1 unknown · -3 absent: the session is not reserved for that room, or the reservation is being undone
local session, outbox = unpack(KEYS)
local room, seat, packet, keep, trace = unpack(ARGV)
local state, reserved, requeued, current =
  unpack(redis.call('HMGET', session, 'state', RESERVATION .. room, REQUEUED .. room, SEAT .. room))
if not state or state == 'ending' then return -1 end
if current then return 0 end
if not reserved or requeued then return -3 end
redis.call('HDEL', session, RESERVATION .. room)
redis.call('HSET', session, SEAT .. room, seat)
return append(session, outbox, state, packet, keep, trace, '"in":' .. cjson.encode(room) .. ',"seat":' .. seat .. ',')
