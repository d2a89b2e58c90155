#!lua
-- Notes in a session that it is going to wait in a queue: the intent that makes an interrupted enqueue repeatable. It is out of its
-- rooms at once, and is not seated any more in one that it was reserved for (they become `x:`, to be left properly).
-- KEYS: 1 session
-- ARGV: 1 epoch  2 queue  3 user  4 opening event's content (JSON)
-- Returns { number of the ticket, ticket it replaces or '', room to be left … } · -1 no such session · -2 fenced
local state, epoch, old = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'ticket'))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[1] then return -2 end
local number = redis.call('HINCRBY', KEYS[1], 'asks', 1)
redis.call('HSET', KEYS[1], 'ticket', ARGV[2] .. ' ' .. number, 'user', ARGV[3], 'opening', ARGV[4])
local answer = { number, old or '' }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local kind, room = string.match(field, '^([rpx]):(.*)$')
  if kind then answer[#answer + 1] = room end
  if kind == 'r' or kind == 'p' then
    redis.call('HDEL', KEYS[1], field)
    redis.call('HSET', KEYS[1], 'x:' .. room, '')
  end
end
return answer
