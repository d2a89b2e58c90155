#!lua
-- Begins the end of a session whose client said goodbye: also when another connection of that client has taken it over meanwhile,
-- since the goodbye was on its way before. So whatever node holds it is told. Repeatable until the session is discarded.
-- KEYS: 1 session  2 outbox
-- Returns the session's fields · -1 no such session
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return -1 end
if state ~= 'ending' then
  redis.call('HSET', KEYS[1], 'state', 'ending')
  local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
  -- nodes of an older version let go for the epoch alone
  redis.call('SPUBLISH', KEYS[2], '0\n{"epoch":' .. epoch .. ',"ended":true}\n')
end
return redis.call('HGETALL', KEYS[1])
