#!lua
-- Notes in a session that it is going to wait in a queue: the intent that makes an interrupted enqueue repeatable.
-- KEYS: 1 session
-- ARGV: 1 epoch  2 queue  3 user  4 opening event's content (JSON)
-- Returns { number of the ticket, ticket it replaces or '', rooms it is being seated in … } · -1 no such session · -2 fenced
local state, epoch, old = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'ticket'))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[1] then return -2 end
local number = redis.call('HINCRBY', KEYS[1], 'asks', 1)
redis.call('HSET', KEYS[1], 'ticket', ARGV[2] .. ' ' .. number, 'user', ARGV[3], 'opening', ARGV[4])
local answer = { number, old or '' }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'p:' then answer[#answer + 1] = string.sub(field, 3) end
end
return answer
