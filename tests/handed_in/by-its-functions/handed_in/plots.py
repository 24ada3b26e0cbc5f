print('a plot')
