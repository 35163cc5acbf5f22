"""The collector: takes the streams of a fleet's agents, keeps them in SQL, answers questions about them."""
