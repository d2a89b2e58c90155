#!lua
-- Takes its seat in a room from a session, or its intent to enter one, and tells it so: the room itself is still to be left (`x:`).
-- Only the epoch that holds the session takes them, or anybody when it is ending; others find what has been taken. Repeatable.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 epoch ('' only what has been taken)  3 packet ('' nothing is told)  4 events to keep  5 trace ('-' none)
-- Returns the attempt up to which the room is to be left · -1 no such session · -2 fenced · -3 there is nothing to leave
local state, epoch, leaving, seat, by, aimed = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch',
  'x:' .. ARGV[1], 'r:' .. ARGV[1], 'i:' .. ARGV[1], 'a:' .. ARGV[1]))
if not state then return -1 end
if ARGV[2] ~= '' and (state == 'ending' or epoch ~= ARGV[2]) then return -2 end
if leaving then return tonumber(leaving) end
local attempt = seat and by or aimed
if not attempt or (ARGV[2] == '' and state ~= 'ending') then return -3 end
redis.call('HDEL', KEYS[1], 'r:' .. ARGV[1], 'a:' .. ARGV[1])
redis.call('HSET', KEYS[1], 'x:' .. ARGV[1], attempt)
if not seat or state == 'ending' then return tonumber(attempt) end
local control = '\n{"out":' .. cjson.encode(ARGV[1]) .. ',"trace":"' .. ARGV[5] .. '"}\n'
if ARGV[3] == '' then
  redis.call('SPUBLISH', KEYS[2], '0' .. control)
else
  local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[4] or ARGV[4], '0-' .. number, ARGV[5], ARGV[3])
  redis.call('SPUBLISH', KEYS[2], number .. control .. ARGV[3])
end
return tonumber(attempt)
