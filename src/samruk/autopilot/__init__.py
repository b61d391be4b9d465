"""The brain: estimator, air data, modes, guidance, control and protection.

It sees measurements and its own estimate, the handbook of its aircraft and the mission's rules; never the truth.

    handbook.py     what the maker hands over, computed once from the aircraft's definition
    performance.py  stall speed, drag, power and fuel by the handbook, in the step
    navigation.py   strapdown at 50 Hz
    covariance.py   15 error states: propagation and scalar updates
    estimator.py    aiding by GNSS, pressure height, compass and stillness at 1 Hz
    airdata.py      airspeed and its monitor, wind
    guidance.py     legs, circles, final approach -> bank
    energy.py       height and speed -> pitch and power
    control.py      attitude loops at 50 Hz
    checks.py       true or false statements about the flight
    modes.py        what to do next: the one table of modes
    setpoints.py      what each mode asks of guidance and control
    commands.py     the crew's mailbox
    protection.py   signs of ice, and when protection is on
    weighing.py     stay in ice, climb or descend: fuel against ice
    plan.py         fuel: for the route before flight, to reach home in flight
    pilot.py        all of it joined
"""
