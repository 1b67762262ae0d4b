StarlingSim.main()
