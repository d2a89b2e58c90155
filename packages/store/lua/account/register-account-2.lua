#!lua
-- Creates an account if its name is free. A name is taken until the last trace of its former account is removed.
-- KEYS: 1 account  2 state
-- ARGV: 1 username (as given)  2 password (its hash)  3 tokens (the id that its tokens carry)  4 now (ms)
-- Returns 1 created · 0 the name is taken
local account, state = unpack(KEYS)
local username, password, tokens, now = unpack(ARGV)
if redis.call('EXISTS', account, state) > 0 then return 0 end
redis.call('HSET', account, 'username', username, 'password', password, 'created', now)
redis.call('HSET', state, 'username', username, 'created', now, 'tokens', tokens)
return 1
