#!lua
-- Takes back a session's wish to be paired.
-- KEYS: 1 session
-- ARGV: 1 epoch
-- Returns { the ticket or '', rooms it is being seated in … } · -1 no such session · -2 fenced
local state, epoch, old = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'ticket'))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[1] then return -2 end
redis.call('HDEL', KEYS[1], 'ticket')
local answer = { old or '' }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'p:' then answer[#answer + 1] = string.sub(field, 3) end
end
return answer
