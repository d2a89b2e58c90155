#!lua flags=allow-oom
-- Changes the password of an account, and makes all tokens void, in one step.
-- KEYS: 1 account  2 state
-- ARGV: 1 former (the hash that was checked)  2 password (the new one's hash)  3 tokens (the new id)
-- Returns 1 · 0 the password is another one since it was checked, or the account is being removed
local account, state = unpack(KEYS)
local former, password, tokens = unpack(ARGV)
if redis.call('HGET', account, 'password') ~= former then return 0 end
if redis.call('HGET', state, 'removing') then return 0 end
redis.call('HSET', account, 'password', password)
local voided = redis.call('HGET', state, 'tokens')
redis.call('HSET', state, 'tokens', tokens)
if voided then redis.call('HSET', state, VOIDED_TOKENS .. voided, '') end
return 1
