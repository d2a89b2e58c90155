#!lua
-- Takes back a session's wish to be paired. A room that it was reserved for becomes `x:`: it is not seated there any more.
-- KEYS: 1 session
-- ARGV: 1 epoch
-- Returns { the ticket or '', room to be left … } · -1 no such session · -2 fenced
local state, epoch, old = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'ticket'))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[1] then return -2 end
redis.call('HDEL', KEYS[1], 'ticket')
local answer = { old or '' }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local kind, room = string.match(field, '^([px]):(.*)$')
  if kind then answer[#answer + 1] = room end
  if kind == 'p' then
    redis.call('HDEL', KEYS[1], field)
    redis.call('HSET', KEYS[1], 'x:' .. room, '')
  end
end
return answer
