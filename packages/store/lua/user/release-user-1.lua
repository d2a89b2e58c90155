#!lua
-- A session stands for a user no longer.
-- KEYS: 1 user
-- ARGV: 1 session
-- Returns the sessions still to be evicted
redis.call('HDEL', KEYS[1], 'e:' .. ARGV[1], 's:' .. ARGV[1])
if redis.call('HGET', KEYS[1], 'session') ~= ARGV[1] then return {} end
redis.call('HDEL', KEYS[1], 'session', 'claims')
local evicted = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'e:' then evicted[#evicted + 1] = string.sub(field, 3) end
end
return evicted
