print("starling-sim")
