#!lua flags=allow-oom
-- Sets the password of an account, whatever it was, and makes all tokens void, in one step. It does not read the password's
-- hash: the users of Redis that set one may not.
-- KEYS: 1 account  2 state
-- ARGV: 1 password (its hash)  2 tokens (the new id)
-- Returns 1
-- Errors: -3 absent: there is no such account, or it is being removed
local account, state = unpack(KEYS)
local password, tokens = unpack(ARGV)
local former = redis.call('HGET', state, 'tokens')
if not former or redis.call('HGET', state, 'removing') then return -3 end
redis.call('HSET', account, 'password', password)
redis.call('HSET', state, VOIDED_TOKENS .. former, '', 'tokens', tokens)
return 1
