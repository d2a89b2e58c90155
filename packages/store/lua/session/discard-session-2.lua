#!lua
-- Removes a session whose end has been carried out everywhere.
-- KEYS: 1 session  2 outbox
-- Returns 1 · -6 it is not ending
local state = redis.call('HGET', KEYS[1], 'state')
if state and state ~= 'ending' then return -6 end
redis.call('DEL', KEYS[1], KEYS[2])
return 1
