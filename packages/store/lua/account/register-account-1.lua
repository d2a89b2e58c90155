#!lua
-- Creates an account, if its name is free.
-- KEYS: 1 account
-- ARGV: 1 username as it was given  2 hash of the password  3 now (ms)
-- Returns 1 · 0 the name is taken
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'username', ARGV[1], 'password', ARGV[2], 'created', ARGV[3])
return 1
