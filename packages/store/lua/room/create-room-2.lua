#!lua
-- Creates a room that clients name and that nobody is in yet, if there is none of that name. It has a lifetime until a
-- session enters it.
-- KEYS: 1 meta  2 peers
-- ARGV: 1 kind  2 dialect  3 now (ms)  4 lifetime (ms)
-- Returns 1 created · 0 there is a room of that name
local meta, peers = unpack(KEYS)
local kind, dialect, now, lifetime = unpack(ARGV)
if redis.call('EXISTS', meta, peers) > 0 then return 0 end
redis.call('HSET', meta, 'state', 'open', 'kind', kind, 'dialect', dialect, 'created', now, 'changed', now, 'entries', 0,
  'revision', string.format('%.0f', tonumber(now) * 1000))
redis.call('PEXPIRE', meta, lifetime)
return 1
