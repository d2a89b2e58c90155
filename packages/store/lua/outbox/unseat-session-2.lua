#!lua
-- Takes a session out of a room and, unless it leaves of its own, tells it so, in one step. Repeating it tells nothing.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 room  2 packet ('' it leaves of its own)  3 events to keep  4 trace ('-' none)
-- Returns 1 · 0 not in that room (any more) · -7 only reserved for it: release it instead
local state, pending, seat, leaving =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'p:' .. ARGV[1], 'r:' .. ARGV[1], 'x:' .. ARGV[1]))
local own = ARGV[2] == ''
if pending and not own then return -7 end
if not pending and not seat and not (own and leaving) then return 0 end
redis.call('HDEL', KEYS[1], 'p:' .. ARGV[1], 'b:' .. ARGV[1], 'r:' .. ARGV[1], 'x:' .. ARGV[1])
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'f:' then redis.call('HDEL', KEYS[1], field) end
end
local control = '{"out":' .. cjson.encode(ARGV[1]) .. ',"trace":"' .. ARGV[4] .. '"}'
if own then
  redis.call('SPUBLISH', KEYS[2], '0\n' .. control .. '\n')
  return 1
end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[3] or ARGV[3], '0-' .. number, ARGV[4], ARGV[2])
redis.call('SPUBLISH', KEYS[2], number .. '\n' .. control .. '\n' .. ARGV[2])
return 1
