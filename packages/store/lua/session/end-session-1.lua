#!lua
-- Begins the end of a session: nothing reaches it from here on, and its fields tell what is left to undo. Repeatable until it is
-- discarded, so whoever finds an interrupted end can finish it.
-- KEYS: 1 session
-- ARGV: 1 epoch of the node that ends it ('' its deadline has passed)  2 now (ms)
-- Returns the session's fields · -1 no such session · -2 fenced · -6 not due
local state, epoch, deadline = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'deadline'))
if not state then return -1 end
if state ~= 'ending' then
  if ARGV[1] ~= '' then
    if epoch ~= ARGV[1] then return -2 end
  elseif state ~= 'detached' or tonumber(deadline) > tonumber(ARGV[2]) then
    return -6
  end
  redis.call('HSET', KEYS[1], 'state', 'ending')
  redis.call('HINCRBY', KEYS[1], 'epoch', 1)
end
return redis.call('HGETALL', KEYS[1])
