#!lua flags=allow-oom
-- Makes all tokens of an account void: from now on they carry another id. The old id is noted until nodes were notified.
-- KEYS: 1 state
-- ARGV: 1 tokens (the new id)  2 removing (what becomes of its messages if the account is removed; '' it stays)
-- Returns 1
-- Errors: -3 absent: there is no such account
local state = unpack(KEYS)
local tokens, removing = unpack(ARGV)
local former = redis.call('HGET', state, 'tokens')
if not former then return -3 end
if former ~= tokens then redis.call('HSET', state, VOIDED_TOKENS .. former, '', 'tokens', tokens) end
if removing ~= '' then redis.call('HSETNX', state, 'removing', removing) end
return 1
