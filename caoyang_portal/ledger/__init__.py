"""What was done, by whom, provably (台账); also the outbox.

Head        链头  the last number and hash of one subject's chain
Entry       台账记录  one act, written in the transaction that does it, chained to the one before
Delivery    投递  an entry still owed to one subscriber
Checkpoint  存证  the daily Merkle root over all heads
CheckpointHead  存证链头  a head that was new to a checkpoint
"""
