#!lua flags=allow-oom
-- Confirms a session's claim to a user, which would lapse otherwise: the session is there, and gives the user up at its
-- end. Repeatable.
-- KEYS: 1 user
-- ARGV: 1 session
-- Returns 1 · 0 the session does not stand for the user
local user = unpack(KEYS)
local session = unpack(ARGV)
if redis.call('HGET', user, 'session') ~= session then return 0 end
redis.call('PERSIST', user)
return 1
