#!lua
-- Takes the user away from a session because a newer one of the same user took over; the connection stays. It is out of its rooms
-- at once (they become `x:`, to be left properly by whoever evicts), and a new epoch makes what its node still sends for it fail.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 packet that tells it  2 events to keep  3 user
-- Returns { how often it asked for a ticket, room to be left … }, repeatable until they are left · -1 no such session
local state, user, asks = unpack(redis.call('HMGET', KEYS[1], 'state', 'user', 'asks'))
if not state or state == 'ending' then return -1 end
local taken = user == ARGV[3]
local answer = { tonumber(asks) }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local kind, room = string.match(field, '^([rpx]):(.*)$')
  if taken and (kind == 'r' or kind == 'p') then
    redis.call('HDEL', KEYS[1], field)
    redis.call('HSET', KEYS[1], 'x:' .. room, '')
  end
  if kind == 'x' or (taken and kind) then answer[#answer + 1] = room end
end
if not taken then return answer end
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('HDEL', KEYS[1], 'ticket', 'opening', 'user')
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '0-' .. number, 'p', ARGV[1])
redis.call('SPUBLISH', KEYS[2], number .. '\n{"evicted":' .. epoch .. '}\n' .. ARGV[1])
return answer
