#!lua
-- Notes by which session a user is in a call with this one (or that it is in none any more), and tells this one of it.
-- A sender's epoch that was overtaken is refused, as in `deliver`.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room that both are in  2 sender's session  3 sender's epoch  4 user  5 session of that user ('' the call is over)
--       6 session by which it must be noted until now ('' any, '*' the sender's, or all that it rings)  7 packet ('' none)
--       8 events to keep  9 trace ('-' none)
-- Returns 1 · -1 no such session · -2 fenced · -3 not in that room, or not noted so
local state, seat, fence, noted =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'r:' .. ARGV[1], 'f:' .. ARGV[2], 'c:' .. ARGV[4]))
if not state or state == 'ending' then return -1 end
local fits = ARGV[6] == '' or noted == ARGV[6] or (ARGV[6] == '*' and noted == ARGV[2])
if not seat or not fits then return -3 end
local floor, epoch = tonumber(fence or 1), tonumber(ARGV[3])
if epoch < floor then return -2 end
if epoch > floor then redis.call('HSET', KEYS[1], 'f:' .. ARGV[2], epoch) end
if ARGV[5] == '' then
  redis.call('HDEL', KEYS[1], 'c:' .. ARGV[4])
else
  redis.call('HSET', KEYS[1], 'c:' .. ARGV[4], ARGV[5])
end
local control = '{"line":' .. cjson.encode(ARGV[4]) .. ',"by":' .. cjson.encode(ARGV[5]) .. ',"trace":"' .. ARGV[9] .. '"}'
if ARGV[7] == '' then
  redis.call('SPUBLISH', KEYS[2], '0\n' .. control .. '\n')
  return 1
end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[8] or ARGV[8], '0-' .. number, ARGV[9], ARGV[7])
redis.call('SPUBLISH', KEYS[2], number .. '\n' .. control .. '\n' .. ARGV[7])
return 1
