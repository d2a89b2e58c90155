#!lua flags=allow-oom
-- Begins the end of a session whose client has disconnected for good, in whatever epoch the session is: another
-- connection of that client may have taken it over while the disconnect was on its way. The node that holds it is
-- notified. Repeatable until the session is discarded.
-- KEYS: 1 session  2 outbox
-- Returns the session's fields
-- Errors: -1 unknown
local session, outbox = unpack(KEYS)
local state = redis.call('HGET', session, 'state')
if not state then return -1 end
if state ~= 'ending' then
  redis.call('HSET', session, 'state', 'ending')
  local epoch = redis.call('HINCRBY', session, 'epoch', 1)
  -- nodes of an older version let go for the epoch alone
  redis.call('SPUBLISH', outbox, '0\n{"epoch":' .. epoch .. ',"ended":true}\n')
end
return redis.call('HGETALL', session)
