#!lua
-- Turns a reservation into a seat in the room and tells the session so, in one step. Repeating it tells nothing.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 seat (JSON)  3 packet  4 events to keep  5 trace ('-' none)
-- Returns the event's number · 0 already seated · -1 no such session · -3 not reserved (any more)
local state, pending, back, seat =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'p:' .. ARGV[1], 'b:' .. ARGV[1], 'r:' .. ARGV[1]))
if not state or state == 'ending' then return -1 end
if seat then return 0 end
if not pending or back then return -3 end
redis.call('HDEL', KEYS[1], 'p:' .. ARGV[1])
redis.call('HSET', KEYS[1], 'r:' .. ARGV[1], ARGV[2])
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[4] or ARGV[4], '0-' .. number, ARGV[5], ARGV[3])
local control = '{"in":' .. cjson.encode(ARGV[1]) .. ',"seat":' .. ARGV[2] .. ',"trace":"' .. ARGV[5] .. '"}'
redis.call('SPUBLISH', KEYS[2], number .. '\n' .. control .. '\n' .. ARGV[3])
return number
