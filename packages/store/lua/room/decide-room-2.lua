#!lua
-- Opens a room for the sessions reserved for it, or declares it void: the first decision stands, whoever asks again.
-- KEYS: 1 meta  2 peers
-- ARGV: 1 'open' or 'void'  2 kind  3 dialect  4 now (ms)  5 how long a void room is remembered (ms)  6… session, peer (JSON), …
-- Returns the room's state: 'open', 'void' or 'closing'
local state = redis.call('HGET', KEYS[1], 'state')
if state then return state end
if ARGV[1] == 'void' then
  redis.call('HSET', KEYS[1], 'state', 'void')
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  return 'void'
end
redis.call('HSET', KEYS[1], 'state', 'open', 'kind', ARGV[2], 'dialect', ARGV[3], 'created', ARGV[4])
for i = 6, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 'open'
