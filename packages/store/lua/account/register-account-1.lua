#!lua
-- Creates an account if its name is free.
-- KEYS: 1 account
-- ARGV: 1 username (as given)  2 password (its hash)  3 now (ms)
-- Returns 1 created · 0 the name is taken
local account = unpack(KEYS)
local username, password, now = unpack(ARGV)
if redis.call('EXISTS', account) == 1 then return 0 end
redis.call('HSET', account, 'username', username, 'password', password, 'created', now)
return 1
