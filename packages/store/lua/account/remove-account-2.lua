#!lua flags=allow-oom
-- Ends the removal of an account: its password goes, and what keeps its name taken. A process that is late finds that the
-- name was registered again meanwhile, and changes nothing.
-- KEYS: 1 account  2 state
-- ARGV: 1 tokens (the id that the account had when its removal went on)
-- Returns 1 removed · 0 it is removed already
local account, state = unpack(KEYS)
local tokens = unpack(ARGV)
if not redis.call('HGET', state, 'removing') or redis.call('HGET', state, 'tokens') ~= tokens then return 0 end
redis.call('DEL', account)
redis.call('DEL', state)
return 1
