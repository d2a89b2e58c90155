#!lua flags=allow-oom
-- Removes a session after its end has been carried out everywhere.
-- KEYS: 1 session  2 outbox
-- Returns 1
-- Errors: -6 notDue: the session is not ending
local session, outbox = unpack(KEYS)
local state = redis.call('HGET', session, 'state')
if state and state ~= 'ending' then return -6 end
redis.call('DEL', session, outbox)
return 1
