#!lua flags=allow-oom
-- Begins the end of a session: no event reaches it from here on, and its fields show what is left to undo. Repeatable
-- until the session is discarded, so that any process can finish an interrupted end.
-- KEYS: 1 session
-- ARGV: 1 epoch (of the node that ends it; '' its deadline has passed)  2 now (ms)
-- Returns the session's fields
-- Errors: -1 unknown · -2 fenced · -6 notDue: it is not detached, or its deadline has not passed
local session = unpack(KEYS)
local epoch, now = unpack(ARGV)
local state, current, deadline = unpack(redis.call('HMGET', session, 'state', 'epoch', 'deadline'))
if not state then return -1 end
if state ~= 'ending' then
  if epoch ~= '' then
    if current ~= epoch then return -2 end
  elseif state ~= 'detached' or tonumber(deadline) > tonumber(now) then
    return -6
  end
  redis.call('HSET', session, 'state', 'ending')
  redis.call('HINCRBY', session, 'epoch', 1)
end
return redis.call('HGETALL', session)
