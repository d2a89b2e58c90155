#!lua flags=allow-oom
-- Opens a room for the sessions that are reserved for it, or declares it void. The first decision stands; a later one
-- changes nothing.
-- KEYS: 1 meta  2 peers
-- ARGV: 1 decision ('open' or 'void')  2 kind  3 dialect  4 now (ms)  5 remembered (how long a void room is, ms)
--       6… session, peer (JSON), for each of the two
-- Returns the room's state: 'open', 'void' or 'closing'
local meta, peers = unpack(KEYS)
local decision, kind, dialect, now, remembered = unpack(ARGV)
local state = redis.call('HGET', meta, 'state')
if state then return state end
if decision == 'void' then
  redis.call('HSET', meta, 'state', 'void')
  redis.call('PEXPIRE', meta, remembered)
  return 'void'
end
redis.call('HSET', meta, 'state', 'open', 'kind', kind, 'dialect', dialect, 'created', now)
for i = 6, #ARGV, 2 do redis.call('HSET', peers, ARGV[i], ARGV[i + 1]) end
return 'open'
